"""Parameters as one row of controls, kept in the URL and carried from page to page.

Streamlit's own binding writes the label of a choice into the URL and forgets it on the next page; a link has
to say `?month=2026-10&promise=two-day-delivery`, and the reader's choice goes along with them.

The URL holds the whole state: the month always, everything else where it is not the default. So a URL with a month is
a state that somebody was in (a shared link, or a step back), and what it leaves out stands at its default; a URL
without one is an arrival, which brings along what was chosen on the page before.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import streamlit as st

from aspromised.display import fragments
from aspromised.notebook.choices import FOLLOWS
from aspromised.notebook.parameters import Parameter, read_value, resolve, write_value
from aspromised.store.snapshot import Snapshot

ALWAYS = "month"
"""The parameter that stands in the URL even at its default, which moves on with the calendar."""

IN_TITLE = ("month", "window", "week")
"""The parameters that the tab is named after."""

_CHOSEN = "parameters chosen"
_WRITTEN = "parameters written to the URL"
_PAGE = "page the parameters were written on"


def controls(
    parameters: Sequence[Parameter],
    snapshot: Snapshot,
    page: str,
    redrawn: Callable[[str], list[str]] = lambda _: [],
) -> dict[str, Any]:
    """Draw a control for each parameter of `page` in one row and return the values chosen, by name.

    Where a choice decides no other control, only the fragments are drawn again whose keys `redrawn` gives for its name
    (the page where it gives none); they find the new value in what was returned.
    """
    values: dict[str, Any] = {}
    notes: list[str] = []
    names = [parameter.name for parameter in parameters]
    wanted = _wanted(names, page, {each.name for each in parameters if each.kind == "link"})
    resolved: list[Parameter] = []
    if parameters:
        with st.container(horizontal=True, vertical_alignment="bottom", key="parameters"):
            for parameter in parameters:
                resolved.append(resolve(parameter, snapshot, values))
                keys = [] if _decides(parameter.name, names) else redrawn(parameter.name)
                changed = partial(_changed, parameter.name, resolved, values, page, keys)
                values[parameter.name] = _control(resolved[-1], wanted.get(parameter.name), notes, changed)
    _remember(resolved, values, page)
    for note in notes:
        st.html(f'<p class="ap ap-quiet">{fragments.words(note)}</p>')
    return values


def _decides(name: str, names: Sequence[str]) -> bool:
    """Whether a choice decides what stands around the page's notebooks: its title, or what other controls offer."""
    return name in IN_TITLE or any(name in FOLLOWS.get(other, ()) for other in names)


def _changed(
    name: str, parameters: Sequence[Parameter], values: dict[str, Any], page: str, keys: list[str]
) -> None:
    """Keep a choice, and have the fragments drawn that depend on it; without any, the page is."""
    if not keys or st.session_state.get(_PAGE) != page or name not in st.session_state:
        return
    values[name] = st.session_state[name]
    _remember(parameters, values, page)
    st.rerun(keys)


def _control(parameter: Parameter, wanted: Any, notes: list[str], changed: Callable[[], None]) -> Any:
    if parameter.kind == "choice" and not parameter.choices:
        return parameter.default
    st.session_state[parameter.name] = _value(parameter, wanted, notes)
    if parameter.kind == "link":
        return st.session_state[parameter.name]
    return _widget(parameter, changed)


def _wanted(names: Sequence[str], page: str, linked: Collection[str]) -> dict[str, Any]:
    """Return what each control is asked to hold: a text of the URL, a value held or carried; none for its default.

    What only links say (`linked`) is of one page, and carried to no other.
    """
    url = {name: st.query_params[name] for name in names if name in st.query_params}
    stays = st.session_state.get(_PAGE) == page
    if stays and url == _kept(_WRITTEN):
        return {name: (st.session_state[name],) for name in names if name in st.session_state}
    carried = {} if stays or ALWAYS in url else _kept(_CHOSEN)
    brought = {name: (carried[name],) for name in names if name in carried and name not in linked}
    return {**brought, **url}


def _value(parameter: Parameter, wanted: Any, notes: list[str]) -> Any:
    """Return the value meant by `wanted`: a text of the URL, or a value in a tuple that may no longer be possible."""
    if isinstance(wanted, str):
        try:
            return read_value(parameter, wanted)
        except ValueError as error:
            notes.append(f"{error}. Showing {_said(parameter, parameter.default)}.")
    elif wanted and _possible(parameter, wanted[0]):
        return wanted[0]
    return parameter.default


def _possible(parameter: Parameter, value: Any) -> bool:
    """Whether a value from another page or another snapshot can still be chosen here."""
    try:
        return bool(read_value(parameter, write_value(value)) == value)
    except ValueError:
        return False


def _said(parameter: Parameter, value: Any) -> str:
    labels = {choice.value: choice.label for choice in parameter.choices}
    return labels.get(value, str(value)) if isinstance(value, str) else str(value)


def _remember(parameters: Sequence[Parameter], values: dict[str, Any], page: str) -> None:
    """Keep the choices for the next page, and the whole state in the URL: one step for the reader to go back."""
    state = {
        each.name: write_value(values[each.name])
        for each in parameters
        if values[each.name] != each.default or (each.name == ALWAYS and values[each.name])
    }
    names = {each.name for each in parameters}
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in names}
    if state != {name: st.query_params[name] for name in names if name in st.query_params}:
        st.query_params.from_dict({**others, **state})
    _kept(_CHOSEN).update(values)
    st.session_state[_WRITTEN] = state
    st.session_state[_PAGE] = page


def _kept(what: str) -> dict[str, Any]:
    kept: dict[str, Any] = st.session_state.setdefault(what, {})
    return kept


def _widget(parameter: Parameter, changed: Callable[[], None]) -> Any:
    labels = {choice.value: choice.label for choice in parameter.choices}
    common: dict[str, Any] = {"label": parameter.label, "key": parameter.name, "on_change": changed}
    match parameter.kind:
        case "choice":
            width = 380 if max(map(len, labels.values())) > 28 else 220
            return st.selectbox(options=list(labels), format_func=labels.__getitem__, width=width, **common)
        case "choices":
            return st.multiselect(options=list(labels), format_func=labels.__getitem__, width=380, **common)
        case "toggle":
            return st.toggle(**common)
        case "integer":
            return st.number_input(step=1, width=160, **common)
        case "number":
            return st.number_input(width=160, **common)
        case "text":
            return st.text_input(width=220, **common)
