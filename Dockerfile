# The image of web, worker and beat. Built on any Debian with Python 3.11 or later:
#   docker build -t layershelf .
#   buildah bud --isolation chroot --build-arg BASE=localhost/some-base -t layershelf .
ARG BASE=python:3.12-slim

# The packages, in an environment that is copied as a whole; what installs them stays behind.
FROM ${BASE} AS packages
WORKDIR /app
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --quiet --no-cache-dir uv
COPY pyproject.toml uv.lock ./
RUN UV_PROJECT_ENVIRONMENT=/opt/layershelf UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy \
    /opt/uv/bin/uv sync --frozen --no-dev --no-cache --compile-bytecode --python python3

FROM ${BASE}
RUN groupadd --gid 1000 layershelf \
    && useradd --uid 1000 --gid 1000 --home-dir /data --no-create-home --shell /usr/sbin/nologin layershelf \
    && install -d -o layershelf -g layershelf -m 0700 /data
WORKDIR /app
COPY --from=packages /opt/layershelf /opt/layershelf
COPY . .
RUN /opt/layershelf/bin/python -m compileall -q .
ENV PATH=/opt/layershelf/bin:$PATH PYTHONUNBUFFERED=1 LAYERSHELF_DATA=/data
USER layershelf
VOLUME /data
EXPOSE 8000
# Of the page server; compose.yaml has others for worker and beat.
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# All in one, with an embedded database: `docker run -p 8000:8000 -v layershelf:/data -v /my/models:/models:ro layershelf`
CMD ["python", "manage.py", "up", "--host", "0.0.0.0"]
