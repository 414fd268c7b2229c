# Three stages: front-end packages, Python packages from the hash-locked list, and the product.
FROM node:22-bookworm-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
WORKDIR /requirements
COPY requirements/uv.txt requirements/runtime.txt ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r uv.txt \
    && python -m venv --without-pip /venv \
    && uv pip sync --no-cache --require-hashes --python /venv/bin/python runtime.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home bantam && install -d -o bantam /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=front-end /app/node_modules node_modules
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BANTAM_DATA_DIR=/data \
    BANTAM_STATIC_DIR=/app/build/static
RUN BANTAM_SECRET_KEY=unused-while-building python manage.py collectstatic --no-input \
    && python -m compileall -q alignment config core feedback leads rules scoring users
USER 10001
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi"]
