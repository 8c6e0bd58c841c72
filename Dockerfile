# For hosting platforms that build containers (smithery.yaml names this file). Callers bring their own credentials:
# docs/session-credentials.md.
FROM denoland/deno:2.9.6

# The store and its key. Without a volume here every new container begins with an empty store.
ENV XDG_DATA_HOME=/data
RUN mkdir /data && chown deno:deno /data

WORKDIR /app
USER deno
COPY deno.json deno.lock main.ts ./
COPY src src
COPY tools/is_healthy.ts tools/
RUN deno install --frozen --entrypoint main.ts

# The platform's gateway comes from outside of the container; PORT is the platform's to set.
ENV FEISHU_TOKEN_HOST=0.0.0.0
EXPOSE 8081
# /healthz, which is 200 also while the store cannot be written: a restart would only lose what the server remembers.
HEALTHCHECK --start-period=20s --timeout=5s \
  CMD ["deno", "run", "--quiet", "--no-prompt", "--no-config", "--allow-net=127.0.0.1", "--allow-env=PORT,FEISHU_TOKEN_PORT", "tools/is_healthy.ts"]
CMD ["run", "--quiet", "--no-prompt", "--cached-only", "-P=serve", "main.ts"]
