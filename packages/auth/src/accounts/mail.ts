import { createCooldown } from "@darkroom/contracts";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text, in paragraphs. */
  readonly text: string;
}

export interface MailOptions {
  /** `smtp://user:password@host:587`, or `smtps:`. */
  readonly url: string;
  /** `Darkroom <darkroom@example.com>`. */
  readonly from: string;
  /** Called when the server did not take a mail, once a minute at most. */
  readonly onFailure: (error: unknown) => void;
}

/** Sends a mail. */
export type SendMail = (mail: Mail) => void;

/**
 * Sends mails beside the requests that ask for them: whoever waited for one could tell by the time which addresses have an
 * account here. nodemailer is loaded with the first one.
 */
export function createMailer({ url, from, onFailure }: MailOptions): SendMail {
  const isNews = createCooldown(60_000);
  const transport = lazily(async () => {
    const { createTransport } = await import("nodemailer");
    return createTransport(url);
  });
  return (mail) => {
    transport()
      .then((open) => open.sendMail({ from, ...mail }))
      .catch((error: unknown) => {
        if (isNews("mail")) onFailure(error);
      });
  };
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What somebody gets who says that they forgot their password. */
export const resetMail = (to: string, link: string): Mail => ({
  to,
  subject: "A new password for Darkroom",
  text: `Somebody, most likely you, asked for a new password for your account at Darkroom.\n\nChoose it here within an hour:\n${link}\n\nIf it was not you, nothing needs to be done: your password stays as it is.\n`,
});

/** What a new account gets, so that it is known to reach whoever made it. */
export const verificationMail = (to: string, link: string): Mail => ({
  to,
  subject: "Is this your address?",
  text: `An account at Darkroom was made with this e-mail address.\n\nIf it is yours, say so here within an hour:\n${link}\n\nIf it is not, nothing needs to be done.\n`,
});
