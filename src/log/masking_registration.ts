import type {
  RegistrationPollAnswer,
  RegistrationPort,
  RegistrationStartAnswer,
} from "../ports/registration_port.ts";
import type { Mask } from "./mask.ts";

/** Decorates `port`: the codes that fetch an app, and its secret, are added to `mask` before anything is done with them. */
export function maskingRegistration(port: RegistrationPort, mask: Mask): RegistrationPort {
  return {
    async startRegistration(request): Promise<RegistrationStartAnswer> {
      const answer = await port.startRegistration(request);
      if (answer.kind === "started") mask.add(answer.registration.deviceCode);
      return answer;
    },
    async pollRegistration(request): Promise<RegistrationPollAnswer> {
      mask.add(request.deviceCode);
      const answer = await port.pollRegistration(request);
      if (answer.kind === "registered") mask.keep(answer.app.appSecret);
      return answer;
    },
  };
}
