/** Opens the KV files given one after the other, and reads and writes each as a server does. Only a panic makes it fail. */
for (const path of Deno.args) {
  try {
    using kv = await Deno.openKv(path);
    await kv.getMany([["feishu-token", "schema"], ["none"]]);
    await Array.fromAsync(kv.list({ prefix: [] }));
    await kv.atomic().check({ key: ["none"], versionstamp: null }).set(["none"], 1).commit();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
