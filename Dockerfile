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
RUN deno install --frozen --entrypoint main.ts

# The platform's gateway comes from outside of the container; PORT is the platform's to set.
ENV FEISHU_TOKEN_HOST=0.0.0.0
EXPOSE 8081
CMD ["run", "--quiet", "--no-prompt", "--cached-only", "-P=serve", "main.ts"]
