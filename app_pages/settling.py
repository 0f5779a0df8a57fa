"""Leaves what is loaded by now, and stays, out of all later collections of garbage."""

from __future__ import annotations

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def settle(page: str) -> None:  # noqa: ARG001 - by which the cache knows it
    """Do it once for each page in this process, after its first run.

    Streamlit collects after each run, on the workshop page with each picture: to go through
    everything that was ever loaded takes 150 ms.

    Parameters
    ----------
    page : str
        Which page was run.
    """
    gc.collect()
    gc.freeze()
