/** Sends bytes as they stand and returns the first answer: for what `fetch` refuses to send. */
export async function rawHttp(port: number, request: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  // A server that refuses early stops reading: its answer is what counts.
  const written = writeAll(connection, new TextEncoder().encode(request)).catch(() => {});
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let answer = "";
  while (!isWhole(answer)) {
    const read = await connection.read(buffer);
    if (read === null) break;
    answer += decoder.decode(buffer.subarray(0, read), { stream: true });
  }
  connection.close();
  await written;
  return answer;
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.byteLength;) sent += await connection.write(bytes.subarray(sent));
}

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf("\r\n\r\n");
  const length = /^content-length: (\d+)/im.exec(answer.slice(0, headEnd))?.[1];
  return headEnd >= 0 && answer.length >= headEnd + 4 + Number(length ?? 0);
}
