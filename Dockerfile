# syntax=docker/dockerfile:1
# The image: one Node process, no package manager, no compiler, nothing writable but /data and /tmp.
# docs/operations.md tells how to run it.
ARG NODE_VERSION=24.21.0

# Production packages. The full base image can compile better-sqlite3 where its published binary cannot be fetched.
FROM node:${NODE_VERSION}-bookworm AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/install-sqlite.mjs scripts/
RUN npm ci --omit=dev \
  && find node_modules/better-sqlite3/build -type f ! -name better_sqlite3.node -delete \
  && rm -r node_modules/better-sqlite3/deps

# The program. Building it needs no native package.
FROM node:${NODE_VERSION}-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json nest-cli.json ormconfig.ts ./
COPY src src
RUN npm run build

# The final stage. Not distroless: those images pin no exact version of Node and end with its support.
FROM node:${NODE_VERSION}-bookworm-slim
ARG VERSION=0.7.0
LABEL org.opencontainers.image.title="customer-hub" \
  org.opencontainers.image.description="UserCustomer (MixIOT) and WechatCustomers (芸众) in one backend" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.licenses="MIT"
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn* \
    /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && install -d -o node -g node /data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# An image runs in production: other machines reach it, and no account may have a public password.
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  DATABASE_URL=sqlite:/data/customer-hub.sqlite \
  DEMO_DATA=false
# The user `node`, as a number, because Kubernetes cannot tell from a name that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# Checks the process, not its database: Swarm would replace the container when the database is away.
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
