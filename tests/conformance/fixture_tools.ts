import type { CallToolResult } from "../../src/mcp/messages/sdk.ts";
import type { Server } from "../../src/mcp/sdk_server.ts";
import { PNG_BASE64, WAV_BASE64 } from "./fixture_media.ts";
import {
  CHOICES_FORM,
  CONTACT_FORM,
  DEFAULTS_FORM,
  type FixtureSchema,
  JSON_SCHEMA_2020_12,
  MESSAGE_ARGUMENT,
  NOTHING,
  PROMPT_ARGUMENT,
} from "./fixture_schemas.ts";
import { CallToolRequestSchema, ElicitResultSchema, ListToolsRequestSchema } from "./fixture_sdk.ts";

type Content = CallToolResult["content"][number];

/** What a tool may do besides answering. */
interface FixtureCall {
  readonly server: Server;
  readonly args: Readonly<Record<string, unknown>>;
  readonly progressToken?: string | number | undefined;
}

interface FixtureTool {
  readonly input: FixtureSchema;
  readonly run: (call: FixtureCall) => Content[] | Promise<Content[]>;
}

/** How long to wait for a client that cannot be asked: on this stack the question goes nowhere. */
const ASK_TIMEOUT_MS = 50;

const IMAGE: Content = { type: "image", data: PNG_BASE64, mimeType: "image/png" };

const TOOLS: Readonly<Record<string, FixtureTool>> = {
  test_simple_text: { input: NOTHING, run: () => [text("This is a simple text response for testing.")] },
  test_image_content: { input: NOTHING, run: () => [IMAGE] },
  test_audio_content: {
    input: NOTHING,
    run: () => [{ type: "audio", data: WAV_BASE64, mimeType: "audio/wav" }],
  },
  test_embedded_resource: {
    input: NOTHING,
    run: () => [resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
  },
  test_multiple_content_types: {
    input: NOTHING,
    run: () => [
      text("Multiple content types test:"),
      IMAGE,
      resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
  },
  test_tool_with_logging: { input: NOTHING, run: logThrice },
  test_tool_with_progress: { input: NOTHING, run: reportProgress },
  test_error_handling: {
    input: NOTHING,
    run(): never {
      throw new Error("This tool intentionally returns an error for testing");
    },
  },
  test_sampling: { input: PROMPT_ARGUMENT, run: sample },
  test_elicitation: {
    input: MESSAGE_ARGUMENT,
    run: ({ server, args }) => elicit(server, String(args.message), CONTACT_FORM),
  },
  test_elicitation_sep1034_defaults: {
    input: NOTHING,
    run: ({ server }) => elicit(server, "Check these defaults", DEFAULTS_FORM),
  },
  test_elicitation_sep1330_enums: {
    input: NOTHING,
    run: ({ server }) => elicit(server, "Choose", CHOICES_FORM),
  },
  json_schema_2020_12_tool: { input: JSON_SCHEMA_2020_12, run: () => [text("Not meant to be called")] },
};

/** Gives `server` the tools that the conformance suite calls by name. */
export function registerFixtureTools(server: Server): void {
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.entries(TOOLS).map(([name, { input }]) => ({
      name,
      description: `Answers the conformance scenario for ${name}`,
      inputSchema: input,
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
    const tool = TOOLS[params.name];
    if (tool === undefined) throw new RangeError(`Unknown tool ${params.name}`);
    const { arguments: args = {}, _meta: meta } = params;
    try {
      return { content: await tool.run({ server, args, progressToken: meta?.progressToken }) };
    } catch (error) {
      return { isError: true, content: [text(error instanceof Error ? error.message : String(error))] };
    }
  });
}

async function logThrice({ server }: FixtureCall): Promise<Content[]> {
  for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
    await server.sendLoggingMessage({ level: "info", data });
  }
  return [text("Logged three times")];
}

async function reportProgress({ server, progressToken }: FixtureCall): Promise<Content[]> {
  if (progressToken !== undefined) {
    for (const progress of [0, 50, 100]) {
      await server.notification({
        method: "notifications/progress",
        params: { progressToken, progress, total: 100 },
      });
    }
  }
  return [text("Reported progress three times")];
}

async function sample({ server, args }: FixtureCall): Promise<Content[]> {
  const { content } = await server.createMessage({
    messages: [{ role: "user", content: { type: "text", text: String(args.prompt) } }],
    maxTokens: 100,
  }, { timeout: ASK_TIMEOUT_MS });
  return [text(`LLM response: ${JSON.stringify(content)}`)];
}

async function elicit(server: Server, message: string, requestedSchema: FixtureSchema): Promise<Content[]> {
  const { action, content } = await server.request(
    { method: "elicitation/create", params: { message, requestedSchema: { ...requestedSchema } } },
    ElicitResultSchema,
    { timeout: ASK_TIMEOUT_MS },
  );
  return [text(`User response: action=${action}, content=${JSON.stringify(content)}`)];
}

function text(content: string): Content {
  return { type: "text", text: content };
}

function resource(uri: string, mimeType: string, content: string): Content {
  return { type: "resource", resource: { uri, mimeType, text: content } };
}
