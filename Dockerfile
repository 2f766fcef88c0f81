# syntax=docker/dockerfile:1

# Both stages are Debian trixie: the program is linked to the C library of the stage that builds it.
FROM rust:1-slim-trixie AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock askama.toml ./
COPY src src
COPY templates templates
COPY migrations migrations
COPY assets assets
COPY survey-definitions survey-definitions
# Cargo.toml names the test binaries, so their files must be there; they are not built.
COPY tests tests
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin khi \
    && install -D target/release/khi /out/khi

FROM debian:trixie-slim
# pg_dump and pg_restore, for khi backup and khi restore: of the version that docker-compose.yml runs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 ca-certificates \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin khi \
    && install --directory --owner=khi --group=khi --mode=0700 /data /backups
COPY --from=build /out/khi /usr/local/bin/khi
USER khi
WORKDIR /data
VOLUME /data
ENV DATABASE_URL=sqlite:///data/khi.db \
    KHI_SECRET_FILE=/data/khi.secret \
    KHI_LISTEN=0.0.0.0:8080 \
    KHI_LOG_FORMAT=json
EXPOSE 8080
# Ready means: definitions loaded and the database answers. The image has no curl; bash can open a connection by itself.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["khi"]
CMD ["serve"]
