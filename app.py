"""The app, `streamlit run app.py`: chooses the page and turns failures into one sentence.

Pages read a photo, have it assessed and show the assessment; they hold no formula.
"""

import logging

import streamlit as st

from app_pages import before_after, cards, desk, door, gate, room, settling, tongue
from posture import ModelError
from posture.language import gettext as _

_WORKSHOP = "workshop"


def main() -> None:
    """Show the page asked for; a failure shows a sentence and never a traceback."""
    st.set_page_config(page_title="Posture", page_icon=str(cards.ICON), layout="wide")
    cards.style()
    tongue.speak()
    visitor = door.enter(desk.clinics_of)
    if visitor is None:
        tongue.offer()
        return
    desk.let_in(visitor)
    page = st.navigation(
        [
            st.Page("app_pages/analyse.py", title=_("Analyse"), icon=":material/straighten:"),
            st.Page("app_pages/people.py", title=_("People"), icon=":material/group:"),
            st.Page("app_pages/compare.py", title=_("Compare"), icon=":material/compare:"),
            st.Page("app_pages/workshop.py", title=_("Workshop"), icon=":material/videocam:"),
            st.Page("app_pages/study.py", title=_("Study"), icon=":material/rule:"),
            st.Page(
                "app_pages/how_it_works.py", title=_("How it works"), icon=":material/menu_book:"
            ),
        ],
        position="top",
    )
    if page.url_path != _WORKSHOP:
        before_after.forget()
    shown = st.container()
    tongue.offer()
    try:
        with shown:
            page.run()
        settling.settle(page.url_path)
    except ModelError as error:
        cards.broken_installation(str(error))
    except Exception:
        logging.getLogger("posture.app").exception("A page failed")
        cards.unexpected()


if __name__ == "__main__":  # as Streamlit runs it for each visitor
    main()
else:  # as `streamlit run` imports it, once, for the server
    app = st.App(__file__, middleware=gate.middleware(), lifespan=room.while_serving)
