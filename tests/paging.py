"""Opens a page of the app as Streamlit runs it, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]


def open_page(name: str, **query: str) -> AppTest:
    """Return a page that is asked for something, and has no fault."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    app.switch_page(f"app_pages/{name}.py")
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app
