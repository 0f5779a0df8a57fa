"""Opens the records for whoever looks at the page, and says it where they cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from posture.errors import RecordsError
from posture.records import Access, Records, open_records


def access() -> Access:
    """Return the access of this visitor.

    Raises
    ------
    RecordsError
        If the records cannot be opened, or the visitor is at no clinic.
    """
    return records().local()


@st.cache_resource(show_spinner=False)
def records() -> Records:
    """Return the records, which all visitors share."""
    return open_records()


@contextmanager
def told() -> Iterator[None]:
    """Show what the records could not do as one sentence; what follows in the block is left out."""
    try:
        yield
    except RecordsError as error:
        st.error(str(error), icon=":material/folder_off:")
