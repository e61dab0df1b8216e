# dateline in a container: a build stage with the compiler, an image with the program, its models and the libraries it needs.
#
#   docker build -t dateline .
#   docker build --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt -t dateline .     # behind a proxy with a certificate of its own
#   docker run --rm --read-only -v ./dateline.yaml:/etc/dateline/dateline.yaml:ro dateline
#
# Pinned: the Debian suite here (a digest with --build-arg BASE=debian@sha256:...), librdkafka by checksum in scripts/deps.
# Runs as 65532 on a read-only root; writes no file. SIGTERM drains and commits: give it longer than shutdown.timeout_ms.
# No HEALTHCHECK: a probe that only starts a second process would tell nothing about this one. The process exits where it cannot go on.
ARG BASE=docker.io/library/debian:trixie-slim

FROM ${BASE} AS build
WORKDIR /src
ENV DATELINE_DEPS=/opt/dateline
COPY scripts/deps scripts/
RUN --mount=type=secret,id=ca \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; scripts/deps
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake/ cmake/
COPY config/ config/
COPY consumer/ consumer/
COPY pipeline/ pipeline/
COPY models/ models/
COPY docs/dateline.1 docs/
RUN cmake --preset release -DDL_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr \
 && cmake --build --preset release \
 && DESTDIR=/out cmake --install build/release --strip --component service

FROM ${BASE}
LABEL org.opencontainers.image.title="dateline" \
      org.opencontainers.image.description="Raw news articles in from Kafka, entities and events out" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates libcjson1 libcld2-0 liblz4-1 libssl3t64 libstdc++6 libutf8proc3 libuv1t64 libxml2 libyaml-0-2 libzstd1 zlib1g \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
COPY LICENSE NOTICE /usr/share/doc/dateline/
COPY --from=build /opt/dateline/librdkafka-*/share/ /usr/share/doc/librdkafka/
COPY --from=build /out/usr/ /usr/
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/dateline"]
CMD ["run", "-c", "/etc/dateline/dateline.yaml"]
