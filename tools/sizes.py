"""How long modules and functions are: ``python -m tools.sizes``. Past the limits it fails and names them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
MODULE_LINES = 400
FUNCTION_LINES = 50


def modules() -> list[Path]:
    """Our Python files in git, new ones too, without migrations."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    names = subprocess.check_output(command, cwd=ROOT, text=True).split("\n")
    return [ROOT / name for name in names if name and "/migrations/" not in name and (ROOT / name).exists()]


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Each function of ``module``, as ``path:line name``, and its lines from ``def`` to its end."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{module.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield place, (node.end_lineno or node.lineno) - node.lineno + 1


def main() -> int:
    """Print medians and nine tenths; 1 if anything is past its limit."""
    module_lines = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in modules()
        if path.read_text().strip()
    }
    function_lines = dict(entry for path in modules() for entry in functions(path))
    too_long = []
    for kind, sizes, limit in (
        ("modules", module_lines, MODULE_LINES),
        ("functions", function_lines, FUNCTION_LINES),
    ):
        ninth = quantiles(sizes.values(), n=10)[-1]
        print(f"{len(sizes)} {kind}: median {median(sizes.values()):g} lines, p90 {ninth:g}, limit {limit}")
        too_long += [f"  {place}: {lines} lines" for place, lines in sizes.items() if lines > limit]
    print("\n".join(too_long), end="\n" if too_long else "")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
