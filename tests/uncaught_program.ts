import { realPlatform } from "../src/platform.ts";

// Fails where nobody catches it, twice, and says what the handler was told; then once more without a handler.
const platform = realPlatform();
const told: string[] = [];
const end = platform.onUncaught((error) => told.push(String(error)));
Promise.reject(new Error("rejected"));
await platform.clock.sleep(0);
setTimeout(() => {
  throw new Error("thrown");
});
await platform.clock.sleep(10);
end();
platform.stdout.write(told.join());
await platform.stdout.drained();
Promise.reject(new Error("not handled"));
await platform.clock.sleep(10_000); // it ends before
