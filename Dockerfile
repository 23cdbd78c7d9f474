# syntax=docker/dockerfile:1
FROM python:3.11-slim AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    EMBEDDED=0 \
    HOST=0.0.0.0 \
    PORT=8000 \
    VAR_DIR=/data \
    STATIC_ROOT=/app/staticfiles
RUN groupadd --gid 10001 delphi \
    && useradd --uid 10001 --gid delphi --no-create-home --home-dir /data --shell /usr/sbin/nologin delphi \
    && install --directory --owner delphi --group delphi /app /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The build needs no secret: it runs as the embedded default, and the drawn key stays in this layer's /tmp only.
RUN EMBEDDED=1 VAR_DIR=/tmp/build python manage.py catalogues compile \
    && EMBEDDED=1 VAR_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build
USER delphi
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "python:delphi_platform.gunicorn", "--no-control-socket", "delphi_platform.wsgi:application"]
