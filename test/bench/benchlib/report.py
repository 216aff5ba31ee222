# SPDX-License-Identifier: Apache-2.0
"""From the rounds' figures to the table, the ratios and the verdict."""

from statistics import median


class Results:
    """figures[row.key][server] is a list, one number a round; seen has the client's last answer.

    A server that fails in a row once is left out of that row: failed[row.key, server] says why.
    """

    def __init__(self, rows, servers):
        self.rows, self.servers = rows, servers
        self.figures = {row.key: {name: [] for name in servers} for row in rows}
        self.seen = {row.key: {} for row in rows}
        self.failed = {}

    def add(self, row, server, figure, seen):
        self.figures[row.key][server].append(figure)
        self.seen[row.key][server] = seen

    def fail(self, row, server, why):
        self.failed[row.key, server] = why
        self.figures[row.key][server] = []
        self.seen[row.key].pop(server, None)

    def get(self, row, server):
        return self.figures[row.key].get(server) or None

    def own(self, row, server, key=None):
        """TLS's own cost in each round: minus plain HTTP's, unless the row compares the whole."""
        figures = self.figures.get(key or row.key, {})
        values, plain = figures.get(server), figures.get("plain")
        if not values or (not row.whole and not plain):
            return None
        return list(values) if row.whole else [v - p for v, p in zip(values, plain)]

    def ratios(self, row, server):
        """Own cost to mod_ssl's, round by round: both saw the same minute of this machine."""
        ours = self.own(row, server)
        theirs = self.own(row, "mod_ssl", row.reference)
        if server in ("plain", "mod_ssl") or ours is None or theirs is None:
            return None
        # a round in which mod_ssl seems cheaper than plain HTTP was disturbed too much to count
        valid = [o / t for o, t in zip(ours, theirs) if t > 0]
        return valid if 2 * len(valid) > len(ours) else None


def _cell(value):
    return "" if value is None else f"{value:.1f}" if value < 10000 else f"{value:.0f}"


def _bound_cell(row, ratios):
    if row.bound is None or ratios is None:
        return ""
    return f"<= {row.bound:.2f} {'ok' if median(ratios) <= row.bound else 'EXCEEDED'}"


def _print_columns(head, lines, right=()):
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    for line in [head, ["-" * width for width in widths], *lines]:
        print("  ".join(cell.rjust(width) if i in right else cell.ljust(width)
                        for i, (cell, width) in enumerate(zip(line, widths))).rstrip())
    print()


def print_costs(results):
    head = ["work", "server", "median", "min..max", "own cost", "to mod_ssl's", "min..max", "bound",
            "budget"]
    lines = []
    for row in results.rows:
        title = f"{row.title}, {row.unit}"
        for server in results.servers:
            values = results.get(row, server)
            if values is None:
                continue
            own = results.own(row, server) if server != "plain" else None
            ratios = results.ratios(row, server)
            lines.append([
                title, server, _cell(median(values)), f"{_cell(min(values))}..{_cell(max(values))}",
                "(whole)" if row.whole and own else _cell(median(own)) if own else "",
                f"{median(ratios):.3f}" if ratios else "",
                f"{min(ratios):.2f}..{max(ratios):.2f}" if ratios else "",
                _bound_cell(row, ratios), row.budget if ratios else ""])
            title = ""
    _print_columns(head, lines, right=(2, 3, 4, 5, 6))


def _range(values):
    low, high = values["min"], values["max"]
    return f"{low}" if low == high else f"{low}..{high}"


def print_seen(results):
    """What was negotiated and sent, as the client saw it."""
    head = ["work", "server", "version", "suite", "group", "certificate", "signature", "tickets",
            "resumed", "records/op", "largest", "wire bytes/op"]
    lines = []
    for row in results.rows:
        title = row.title
        for server, seen in results.seen[row.key].items():
            per_op = f"{seen['wire_bytes']['sum'] / seen['operations']:.0f}"
            if seen["tls"]:
                resumed = f"{seen['resumed']}/{seen['handshakes']}"
                lines.append([title, server, seen["version"], seen["suite"], seen["group"],
                              seen["certificate"], seen["signature"], _range(seen["tickets"]),
                              resumed if seen["handshakes"] else "-", _range(seen["records"]),
                              str(seen["largest_record"]), per_op])
            else:
                lines.append([title, server, "none"] + [""] * 8 + [per_op])
            title = ""
    _print_columns(head, lines, right=(7, 8, 9, 10, 11))


def differences(results):
    """What was not the same on mod_ssl and mod_tlsx, so that a ratio would not be fair."""
    found = []
    for row in results.rows:
        theirs = results.seen[row.key].get("mod_ssl")
        for server, ours in results.seen[row.key].items():
            if theirs is None or server in ("plain", "mod_ssl"):
                continue
            for what in ("version", "suite", "group", "certificate", "signature"):
                if ours[what] != theirs[what]:
                    found.append(f"{row.title}: {what} of {server} is {ours[what]}, "
                                 f"of mod_ssl {theirs[what]}")
            if _range(ours["tickets"]) != _range(theirs["tickets"]):
                found.append(f"{row.title}: {server} sends {_range(ours['tickets'])} tickets, "
                             f"mod_ssl {_range(theirs['tickets'])}")
    return found


def exceeded(results):
    """The bounds that were not kept, and those that could not be judged."""
    found = []
    for row in results.rows:
        if row.bound is None:
            continue
        for server in results.servers:
            if server in ("plain", "mod_ssl"):
                continue
            ratios = results.ratios(row, server)
            if ratios is None:
                found.append(f"{row.title}: {server} could not be compared with mod_ssl")
            elif median(ratios) > row.bound:
                found.append(f"{row.title}: {server} costs {median(ratios):.3f} of mod_ssl, "
                             f"the bound is {row.bound:.2f}")
    return found


def failures(results):
    return [f"{row.title}, {server}: {results.failed[row.key, server]}" for row in results.rows
            for server in results.servers if (row.key, server) in results.failed]


def as_json(results, facts):
    rows = {}
    for row in results.rows:
        rows[row.key] = {
            "title": row.title, "unit": row.unit, "whole": row.whole, "bound": row.bound,
            "budget": row.budget,
            "servers": {
                server: {"rounds": values, "median": median(values),
                         "own": results.own(row, server), "ratios": results.ratios(row, server),
                         "seen": results.seen[row.key][server]}
                for server, values in results.figures[row.key].items() if values},
        }
    return {"facts": facts, "rows": rows, "failures": failures(results),
            "differences": differences(results), "exceeded": exceeded(results)}
