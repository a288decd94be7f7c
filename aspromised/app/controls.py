"""Parameters as one row of controls, kept in the URL and carried from page to page.

Streamlit's own binding writes the label of a choice into the URL and forgets it on the next page; a link has
to say `?month=2026-10&promise=two-day-delivery`, and the reader's choice goes along with them.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from aspromised.notebook import fragments
from aspromised.notebook.parameters import Parameter, read_value, resolve, write_value
from aspromised.store.snapshot import Snapshot

_CHOSEN = "parameters chosen"
_WRITTEN = "parameters written to the URL"


def controls(parameters: Sequence[Parameter], snapshot: Snapshot) -> dict[str, Any]:
    """Draw a control for each parameter in one row and return the values chosen, by name."""
    values: dict[str, Any] = {}
    notes: list[str] = []
    if parameters:
        with st.container(horizontal=True, vertical_alignment="bottom", key="parameters"):
            for parameter in parameters:
                values[parameter.name] = _control(resolve(parameter, snapshot, values), notes)
    for note in notes:
        st.html(f'<p class="ap ap-quiet">{fragments.words(note)}</p>')
    return values


def _control(parameter: Parameter, notes: list[str]) -> Any:
    if parameter.kind == "choice" and not parameter.choices:
        return parameter.default
    value = _wanted(parameter, notes)
    st.session_state[parameter.name] = value
    value = _widget(parameter)
    _remember(parameter, value)
    return value


def _wanted(parameter: Parameter, notes: list[str]) -> Any:
    """What the URL says if it is news, else what this control holds, else what was chosen on another page."""
    text = st.query_params.get(parameter.name)
    if text is not None and text != _kept(_WRITTEN).get(parameter.name):
        try:
            return read_value(parameter, text)
        except ValueError as error:
            notes.append(f"{error}. Showing {_said(parameter, parameter.default)}.")
            return parameter.default
    held = st.session_state.get(parameter.name, _kept(_CHOSEN).get(parameter.name, parameter.default))
    return held if _possible(parameter, held) else parameter.default


def _possible(parameter: Parameter, value: Any) -> bool:
    """Whether a value from another page or another snapshot can still be chosen here."""
    try:
        return bool(read_value(parameter, write_value(value)) == value)
    except ValueError:
        return False


def _said(parameter: Parameter, value: Any) -> str:
    labels = {choice.value: choice.label for choice in parameter.choices}
    return labels.get(value, str(value)) if isinstance(value, str) else str(value)


def _remember(parameter: Parameter, value: Any) -> None:
    """Keep the choice for the next page, and in the URL where it is not the default."""
    text = write_value(value)
    _kept(_CHOSEN)[parameter.name] = value
    _kept(_WRITTEN)[parameter.name] = text
    if value == parameter.default:
        if parameter.name in st.query_params:
            del st.query_params[parameter.name]
    elif st.query_params.get(parameter.name) != text:
        st.query_params[parameter.name] = text


def _kept(what: str) -> dict[str, Any]:
    kept: dict[str, Any] = st.session_state.setdefault(what, {})
    return kept


def _widget(parameter: Parameter) -> Any:
    label, key = parameter.label, parameter.name
    labels = {choice.value: choice.label for choice in parameter.choices}
    match parameter.kind:
        case "choice":
            width = 380 if max(map(len, labels.values())) > 28 else 220
            return st.selectbox(label, list(labels), format_func=labels.__getitem__, key=key, width=width)
        case "choices":
            return st.multiselect(label, list(labels), format_func=labels.__getitem__, key=key, width=380)
        case "toggle":
            return st.toggle(label, key=key)
        case "integer":
            return st.number_input(label, step=1, key=key, width=160)
        case "number":
            return st.number_input(label, key=key, width=160)
        case "text":
            return st.text_input(label, key=key, width=220)
