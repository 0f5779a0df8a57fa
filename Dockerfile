# The app for a clinic's server: docs/server.md. It starts with a login alone.
#
#   docker build --tag posture .
#
# Python's own image, slim, by the tag of the minor version that the tests run in: a new build takes
# in what was mended in Python and Debian since. What posture itself runs on is pinned by the lock.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /posture
RUN python -m venv /opt/posture
COPY requirements/server.lock requirements/
RUN /opt/posture/bin/pip install --quiet --only-binary :all: --require-hashes -r requirements/server.lock
COPY pyproject.toml README.md LICENSE NOTICE app.py ./
COPY .streamlit/config.toml .streamlit/
COPY posture posture
COPY app_pages app_pages
COPY samples samples
# Where it runs nothing can be written, compiled modules neither.
RUN /opt/posture/bin/pip install --quiet --no-deps --no-build-isolation --editable . \
  && /opt/posture/bin/python -m compileall -q posture app_pages app.py

FROM python:3.11-slim-bookworm
# What MediaPipe and OpenCV load of the system, as `posture doctor` names it. Debian keeps no older
# versions to be pinned to.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libegl1 libgl1 libgles2 libglib2.0-0 libxcb1 \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --no-create-home posture \
  && install -d -o posture -m 700 /data
COPY --from=build /opt/posture /opt/posture
COPY --from=build /posture /posture
# POSTURE_SECRETS is a place, where the file is put when the container is started.
# hadolint ignore=DL3064
ENV PATH=/opt/posture/bin:$PATH \
  PYTHONDONTWRITEBYTECODE=1 \
  HOME=/tmp \
  POSTURE_DATA=/data \
  POSTURE_SECRETS=/run/secrets/posture.toml \
  STREAMLIT_SERVER_HEADLESS=true
USER 10001
WORKDIR /posture
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
  "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["posture"]
CMD ["app", "--address", "0.0.0.0", "--port", "8501"]
