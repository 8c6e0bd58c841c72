import type { Server } from "../../src/mcp/sdk_server.ts";
import { PNG_BASE64 } from "./fixture_media.ts";
import {
  CompleteRequestSchema,
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
} from "./fixture_sdk.ts";

type Message = GetPromptResult["messages"][number];

interface FixturePrompt {
  readonly takes: readonly string[];
  readonly render: (args: Readonly<Record<string, string>>) => Message[];
}

const PROMPTS: Readonly<Record<string, FixturePrompt>> = {
  test_simple_prompt: { takes: [], render: () => [says("This is a simple prompt for testing.")] },
  test_prompt_with_arguments: {
    takes: ["arg1", "arg2"],
    render: ({ arg1, arg2 }) => [says(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  test_prompt_with_embedded_resource: {
    takes: ["resourceUri"],
    render: ({ resourceUri = "" }) => [
      {
        role: "user",
        content: {
          type: "resource",
          resource: {
            uri: resourceUri,
            mimeType: "text/plain",
            text: "Embedded resource content for testing.",
          },
        },
      },
      says("Please process the embedded resource above."),
    ],
  },
  test_prompt_with_image: {
    takes: [],
    render: () => [
      { role: "user", content: { type: "image", data: PNG_BASE64, mimeType: "image/png" } },
      says("Please analyze the image above."),
    ],
  },
};

/** Gives `server` the prompts that the conformance suite gets by name, and completion of their arguments. */
export function registerFixturePrompts(server: Server): void {
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: Object.entries(PROMPTS).map(([name, { takes }]) => ({
      name,
      description: `Answers the conformance scenario for ${name}`,
      arguments: takes.map((argument) => ({ name: argument, required: true })),
    })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const prompt = PROMPTS[params.name];
    if (prompt === undefined) throw new RangeError(`Unknown prompt ${params.name}`);
    return { messages: prompt.render(params.arguments ?? {}) };
  });
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => ({
    completion: { values: [`${params.argument.value}-completed`], total: 1, hasMore: false },
  }));
}

function says(text: string): Message {
  return { role: "user", content: { type: "text", text } };
}
