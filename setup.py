"""What pyproject.toml cannot say: the wheel carries the app's own pages and notebooks, which stand beside the package."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SITE = ("app.py", "main.py", "pages/*.py", "notebooks/*.py", ".streamlit/config.toml")


class WithSite(build_py):
    """Copies the site into the package where it is built; in an editable install it is read where it stands."""

    def run(self) -> None:
        """Build the package, then its site."""
        super().run()
        if not self.editable_mode:
            for source, target in self._site():
                self.mkpath(str(Path(target).parent))
                self.copy_file(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return what the wheel will hold."""
        outputs: list[str] = super().get_outputs(include_bytecode)
        return outputs + [target for _, target in self._site()]

    def _site(self) -> list[tuple[str, str]]:
        here = Path(__file__).parent
        found = [path.relative_to(here) for pattern in SITE for path in sorted(here.glob(pattern))]
        return [(str(path), str(Path(self.build_lib) / "aspromised" / "site" / path)) for path in found]


setup(cmdclass={"build_py": WithSite})
