# Aqueduct as an image: docker build -t aqueduct .
# Three stages, so that what runs holds the bundle and the production packages, and no compiler, npm cache or test.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package may run a script while it is installed; better-sqlite3 and esbuild bring their binaries along.
RUN ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
COPY tsconfig.json ./
COPY bin ./bin
COPY src ./src
COPY console ./console
# The same build as that of `npm start`: it writes dist/main.js and dist/console.
RUN ["node", "-e", "require('./bin/launcher/build.cjs').buildBundle(process.execPath)"]

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN ["npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"]

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Aqueduct" \
      org.opencontainers.image.description="A self-hosted gateway that turns Amazon Q Developer accounts into the OpenAI and Anthropic APIs" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# A new volume takes over owner and mode of the folder that it is mounted on.
RUN ["install", "--directory", "--owner=10001", "--group=10001", "--mode=0700", "/data"]
COPY package.json LICENSE NOTICE ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Inside a container, loopback would reach nobody; what is published to whom is decided outside, as in compose.yaml.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1: it gets the signals, and no shell is needed. The base image's entry point is a shell script.
ENTRYPOINT ["node", "--min-semi-space-size=8", "--max-semi-space-size=8", "dist/main.js"]
