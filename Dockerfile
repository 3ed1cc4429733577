# One image for server and workers: the command decides (see compose.yaml).
FROM node:20-bookworm-slim
WORKDIR /app
COPY . .
RUN node scripts/setup.mjs && mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production MILLRACE_DATA=/data
VOLUME /data
ENTRYPOINT ["node", "/app/bin/millrace.mjs"]
CMD ["start"]
