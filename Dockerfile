# One image for every process; docker-compose.yml says who runs what.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

RUN useradd --create-home --uid 10001 contactcenter

WORKDIR /app
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt

COPY . .
RUN BUILDING=1 python -m contactcenter.translations compile \
    && python -m compileall -q agents contactcenter conversations internalchat media \
    && mkdir -p var/beat var/mail var/uploads \
    && chown -R contactcenter: var

USER contactcenter
VOLUME /app/var
EXPOSE 8000
CMD ["python", "-m", "contactcenter.server"]
