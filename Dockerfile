# Pages or worker, for use with a PostgreSQL of your own: see docs/operate/many-machines.md.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir "uv>=0.9,<0.14"
WORKDIR /opt/arrears
# The packages first: this layer stays as it is while only the source changes.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY README.md LICENSE ./
COPY src ./src
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin arrears \
    && install --directory --owner=arrears --mode=0700 /data /keys
COPY --from=build /opt/arrears/.venv /opt/arrears/.venv
ENV PATH=/opt/arrears/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ARREARS_HOME=/data \
    ARREARS_KEY_FILE=/keys/root.key
USER arrears
WORKDIR /data
VOLUME ["/data", "/keys"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/healthz', timeout=4)"]
CMD ["arrears", "serve", "--host", "0.0.0.0", "--port", "8000"]
