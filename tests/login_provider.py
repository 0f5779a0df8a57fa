"""Runs an OpenID Connect provider on this machine: `python -m tests.login_provider PORT`.

It does what a provider does: discovery, clients that register with a secret, the authorization code
flow with a nonce, signed ID tokens whose key is fetched. Anybody may be anybody.
"""

import sys

import jinja2
import werkzeug.serving
from oidc_provider_mock import app

# Its own pages load a style sheet from elsewhere.
_PAGE = "<!doctype html><html lang='en'><title>Provider</title>{% block content %}{% endblock %}"


def main(port: int) -> None:
    """Answer until stopped."""
    provider = app(require_client_registration=True, require_nonce=True)
    own = provider.jinja_loader
    assert own is not None
    provider.jinja_loader = jinja2.ChoiceLoader([jinja2.DictLoader({"_base.html": _PAGE}), own])
    werkzeug.serving.run_simple("127.0.0.1", port, provider, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
