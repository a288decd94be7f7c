"""A small drawing for a cell of a ledger: an image that carries itself, so that it shows wherever HTML does."""

from urllib.parse import quote

from aspromised.words.text import html as escape


def picture(body: str, width: int, height: int, label: str) -> str:
    """Return SVG `body` as an image of its own, with `label` as its text.

    An image, not inline SVG: the app lets no SVG through in HTML.
    """
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" fill="none">{body}</svg>'
    )
    return (
        f'<img alt="{escape(label)}" width="{width}" height="{height}" style="display:block;max-width:none"'
        f' src="data:image/svg+xml,{quote(svg)}">'
    )
