import { childCommand } from "../../harness/child_command.ts";
import { eventually } from "../support/eventually.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** Where the program is on systems whose `PATH` leaves it out for most users. */
const PROGRAMS = ["nginx", "/usr/sbin/nginx"];

/** The `nginx` program, if this machine has one. */
export async function findNginx(): Promise<string | undefined> {
  for (const program of PROGRAMS) {
    try {
      await new Deno.Command(program, { args: ["-v"], stdout: "null", stderr: "null" }).output();
      return program;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** A running nginx with one block of the documentation, on a free port of loopback, with a certificate of its own. */
export class Nginx implements AsyncDisposable {
  /** Where it listens with TLS. */
  readonly port: number;
  /** Its certificate, in PEM. */
  readonly certificate: string;
  readonly #child: Deno.ChildProcess;
  readonly #folder: TempFolder;

  private constructor(port: number, certificate: string, child: Deno.ChildProcess, folder: TempFolder) {
    this.port = port;
    this.certificate = certificate;
    this.#child = child;
    this.#folder = folder;
  }

  /**
   * Starts `program` with `block`, a part of its `http` section; what is of the reader's own machine in it is replaced:
   * the address, the certificate's files, and `upstream` by `to`.
   */
  static async start(
    program: string,
    block: string,
    { name, upstream, to }: { readonly name: string; readonly upstream: string; readonly to: string },
  ): Promise<Nginx> {
    const folder = await TempFolder.make();
    const { path } = folder;
    await makeCertificate(path, name);
    const port = freePort();
    const own = block
      .replace(/listen 443 /, `listen 127.0.0.1:${port} `)
      .replace(/ssl_certificate \S+;/, `ssl_certificate ${path}/cert.pem;`)
      .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${path}/key.pem;`)
      .replaceAll(upstream, to);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((kind) => `${kind}_temp_path ${path}/${kind};`).join("\n");
    await Deno.writeTextFile(
      `${path}/nginx.conf`,
      `daemon off; pid ${path}/pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${own}\n}\n`,
    );
    const options: Deno.CommandOptions = {
      args: ["-p", path, "-e", "stderr", "-c", `${path}/nginx.conf`],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    };
    // Killed it would leave its workers behind.
    const child = childCommand(program, options, "TERM").spawn();
    const nginx = new Nginx(port, await Deno.readTextFile(`${path}/cert.pem`), child, folder);
    await nginx.#listening();
    return nginx;
  }

  async #listening(): Promise<void> {
    const hostname = "127.0.0.1";
    await eventually(
      () => "nginx listens",
      () =>
        Deno.connect({ hostname, port: this.port }).then(
          (connection) => (connection.close(), true),
          () => false,
        ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function makeCertificate(folder: string, name: string): Promise<void> {
  const { success } = await new Deno.Command("openssl", {
    args: [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" "),
      ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name},DNS:localhost`],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`],
    ],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error("openssl makes no certificate");
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
