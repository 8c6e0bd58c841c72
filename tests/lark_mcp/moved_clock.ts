/** Loaded before lark-mcp, which is not changed: its clock is ahead by the milliseconds in a file that a test writes. */
const file = Deno.env.get("LARK_MCP_CLOCK") ?? "";
const now = Date.now.bind(Date);

Date.now = () => now() + Number(Deno.readTextFileSync(file));
