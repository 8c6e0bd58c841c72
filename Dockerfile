# For hosting platforms that build containers (smithery.yaml names this file), and for the image of a release. Callers
# bring their own credentials: docs/session-credentials.md. `docker run -i IMAGE --stdio` serves one client.
FROM denoland/deno:2.9.6

ARG VERSION=unknown
ARG SOURCE=unknown
ARG MCP_NAME=unknown
LABEL org.opencontainers.image.title="feishu-token-mcp" \
  org.opencontainers.image.description="Feishu and Lark access tokens for AI agents, over MCP" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.source="$SOURCE" \
  io.modelcontextprotocol.server.name="$MCP_NAME"

# The store and its key. Without a volume here every new container begins with an empty store. A new volume takes the
# folder's owner and mode over. No VOLUME: some builders then give the folder to root.
ENV XDG_DATA_HOME=/data DENO_NO_UPDATE_CHECK=1
RUN mkdir -m 700 /data && chown deno:deno /data

WORKDIR /app
USER deno
COPY deno.json deno.lock main.ts ./
COPY src src
COPY tools/is_healthy.ts tools/
RUN deno install --frozen --entrypoint main.ts

# The platform's gateway comes from outside of the container; PORT is the platform's to set.
ENV FEISHU_TOKEN_HOST=0.0.0.0
EXPOSE 8081
STOPSIGNAL SIGTERM
# /healthz, which is 200 also while the store cannot be written: a restart would only lose what the server remembers.
HEALTHCHECK --start-period=20s --timeout=5s \
  CMD ["deno", "run", "--quiet", "--no-prompt", "--no-config", "--allow-net=127.0.0.1", "--allow-env=PORT,FEISHU_TOKEN_PORT", "tools/is_healthy.ts"]
# Deno is the first process: it handles SIGTERM itself, and starts no other that could be left over.
ENTRYPOINT ["deno", "run", "--quiet", "--no-prompt", "--cached-only", "-P=serve", "main.ts"]
CMD []
