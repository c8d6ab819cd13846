# syntax=docker/dockerfile:1
# Builds the jar, takes it apart into layers, and runs it as a user without rights.

FROM node:22-bookworm-slim AS node

FROM maven:3.9-eclipse-temurin-25 AS build
ARG PLATFORM=linux-amd64
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY pom.xml ./
COPY processes processes
COPY forms forms
COPY texts texts
COPY src src
RUN --mount=type=cache,target=/cache/m2 --mount=type=cache,target=/cache/npm \
    npm_config_cache=/cache/npm mvn -B -Dmaven.repo.local=/cache/m2 -DskipTests -Dembedded-postgres.platform=${PLATFORM} package \
    && java -Djarmode=tools -jar target/throughline-*.jar extract --layers \
       --application-filename throughline.jar --destination /layers

FROM eclipse-temurin:25-jre-noble
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 throughline \
    && useradd --system --uid 10001 --gid throughline --home-dir /app --shell /usr/sbin/nologin throughline \
    && install -d -o throughline -g throughline /app /keys /attachments
WORKDIR /app
USER throughline
COPY --from=build --chown=throughline:throughline /layers/dependencies/ ./
COPY --from=build --chown=throughline:throughline /layers/spring-boot-loader/ ./
COPY --from=build --chown=throughline:throughline /layers/snapshot-dependencies/ ./
COPY --from=build --chown=throughline:throughline /layers/application/ ./

# The training run for the ahead-of-time cache: a whole start in local mode, against a PostgreSQL of its own that is thrown away, ending
# with the verification of its audit. It runs in this stage because the cache holds for this very Java and these very files.
RUN java -XX:AOTCacheOutput=throughline.aot -Duser.timezone=UTC -jar throughline.jar \
        --throughline.local.directory=/tmp/training --throughline.command=verify-audit \
    && rm -rf /tmp/training

ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 -Duser.timezone=UTC" \
    THROUGHLINE_ENCRYPTION_KEY_FILE=/keys/keys.json \
    THROUGHLINE_AUDIT_CHECKPOINT_FILE=/keys/audit-checkpoints.log
VOLUME /keys /attachments
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
    CMD curl -fsS http://localhost:${SERVER_PORT:-8080}/actuator/health/readiness || exit 1
ENTRYPOINT ["java", "-XX:AOTCache=throughline.aot", "-Xlog:aot*=error", "-jar", "throughline.jar"]
