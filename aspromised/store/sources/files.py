"""Which files a source means."""

from pathlib import Path

from aspromised.declare.model import Source
from aspromised.store.formats.raw import SourceProblem
from aspromised.words.inside import is_utf8, leads_out, written
from aspromised.words.problems import did_you_mean

_KINDS = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx",
}  # fmt: skip


def find(data: Path, source: Source) -> list[Path]:
    """Return the files of a source, sorted; SourceProblem where there are none."""
    pattern = source.files or ""
    if not pattern.strip("/."):
        raise SourceProblem("it names no files: give `files`, `sql`, or a `connection` with a `query`")
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise SourceProblem(f"'{pattern}' leads out of the data folder: give a path relative to {data}")
    found = _matching(data, pattern)
    for path in found:
        if not is_utf8(path):
            raise SourceProblem(
                f"{written(path)}: the name of the file is not text in UTF-8: give it another, or a pattern that leaves it out"
            )
        if leads_out(path, data.parent):
            raise SourceProblem(
                f"{path}: a link that leads out of the workspace: put a copy of the file in its place"
            )
    return found


def _matching(data: Path, pattern: str) -> list[Path]:
    whole = data / pattern
    if whole.is_file():
        return [whole]
    inside = f"{pattern.rstrip('/')}/*" if whole.is_dir() else pattern
    found = sorted(path for path in data.glob(inside) if _is_data(path))
    if not found:
        raise SourceProblem(_nothing(data, pattern, whole))
    return found


def kind(files: list[Path]) -> str:
    """Return the one format of the files; SourceProblem where it is unknown or there are several."""
    kinds = {path: _kind_of(path) for path in files}
    unknown = [path.name for path, known in kinds.items() if not known]
    if unknown:
        known = ", ".join(_KINDS)
        raise SourceProblem(f"{unknown[0]}: not a format that can be read: save it as one of {known}")
    if len(set(kinds.values())) > 1:
        raise SourceProblem(
            f"the files are of several formats ({', '.join(sorted(set(kinds.values())))}): "
            "declare one source for each"
        )
    return kinds[files[0]]


def _kind_of(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return _KINDS.get(suffixes[-1], "") if suffixes else ""


def _is_data(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "_", "~$"))


def _nothing(data: Path, pattern: str, whole: Path) -> str:
    if whole.is_dir():
        return f"{whole}: the folder holds no data files"
    if any(sign in pattern for sign in "*?["):
        return f"no file in {data} matches '{pattern}': check the pattern, or put the files there"
    inside = pattern.removeprefix("data/")
    if inside != pattern and (data / inside).exists():
        return f"{whole}: there is no such file: it is looked for in data/ already, so write '{inside}'"
    beside = sorted(path.relative_to(data).as_posix() for path in whole.parent.glob("*"))[:1000]
    return f"{whole}: there is no such file: check the name, or put it there{did_you_mean(pattern, beside, 0.8).replace(' Did', '. Did')}"
