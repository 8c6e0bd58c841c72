import type { Server } from "../../src/mcp/sdk_server.ts";
import { PNG_BASE64 } from "./fixture_media.ts";
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
  type ReadResourceResult,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "./fixture_sdk.ts";

const RESOURCES = [
  { uri: "test://static-text", name: "Static text", description: "A text", mimeType: "text/plain" },
  { uri: "test://static-binary", name: "Static binary", description: "An image", mimeType: "image/png" },
  { uri: "test://watched-resource", name: "Watched", description: "A text", mimeType: "text/plain" },
];

const TEMPLATE = {
  uriTemplate: "test://template/{id}/data",
  name: "Template",
  description: "Data of one id",
  mimeType: "application/json",
};

/** Gives `server` the resources that the conformance suite reads by address. */
export function registerFixtureResources(server: Server): void {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: RESOURCES }));
  server.setRequestHandler(
    ListResourceTemplatesRequestSchema,
    () => ({ resourceTemplates: [TEMPLATE] }),
  );
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => ({ contents: [read(params.uri)] }));
  server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
}

function read(uri: string): ReadResourceResult["contents"][number] {
  if (uri === "test://static-binary") return { uri, mimeType: "image/png", blob: PNG_BASE64 };
  if (RESOURCES.some((resource) => resource.uri === uri)) {
    return { uri, mimeType: "text/plain", text: "This is the content of the static text resource." };
  }
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) throw new RangeError(`There is no resource ${uri}`);
  return {
    uri,
    mimeType: "application/json",
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  };
}
