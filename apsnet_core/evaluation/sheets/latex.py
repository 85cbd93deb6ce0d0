"""LaTeX tables for papers, with booktabs."""

from __future__ import annotations

from apsnet_core.evaluation.sheets.sheet import Cell, Sheet

_MARKS = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{",
    "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "²": r"\textsuperscript{2}", "±": r"$\pm$", "°": r"\textdegree{}", "–": "--",
    "−": "$-$", "…": r"\ldots{}", " %": r"\,\%", "\u202f": r"\,", "\u00a0": "~", "Δ": r"$\Delta$",
}  # fmt: skip


def as_latex(sheet: Sheet, label: str) -> str:
    """A LaTeX ``table`` that needs \\usepackage{booktabs}; ``label`` is its name for \\ref."""
    columns = "".join("l" if head.words else "r" for head in sheet.heads)
    titles = " & ".join(escaped(head.title) for head in sheet.heads)
    units = " & ".join(f"({escaped(head.unit)})" if head.unit else "" for head in sheet.heads)
    lines = [
        r"% \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escaped(sheet.title)}}}",
        rf"\label{{{label}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        titles + r" \\",
        *([units + r" \\"] if any(head.unit for head in sheet.heads) else []),
        r"\midrule",
    ]
    for number, row in enumerate(sheet.rows):
        if number in sheet.starts:
            lines.append(r"\midrule")
        lines.append(" & ".join(_cell(sheet, cell) for cell in row) + r" \\")
    lines += [r"\bottomrule", r"\end{tabular}"]
    if sheet.footnotes:
        lines += ["", r"\smallskip", r"\footnotesize\raggedright"]
        lines += [escaped(note) + r"\par" for note in sheet.footnotes]
    return "\n".join([*lines, r"\end{table}", ""])


def escaped(text: str) -> str:
    """Escape text for LaTeX, in one line."""
    text = " ".join(text.split())
    made, place = [], 0
    while place < len(text):
        for mark in (text[place : place + 2], text[place]):
            if mark in _MARKS:
                made.append(_MARKS[mark])
                break
        else:
            mark = text[place]
            made.append(mark)
        place += len(mark)
    return "".join(made)


def _cell(sheet: Sheet, cell: Cell) -> str:
    text = escaped(cell.text)
    if cell.why:
        text += rf"\textsuperscript{{{sheet.reasons[cell.why]}}}"
    return rf"\textbf{{{text}}}" if cell.bold else text
