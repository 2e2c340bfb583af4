/**
 * Signs up at a running product as a service would be set up by hand, and answers with a new API key. `origin` is the
 * product's own, where it is reached at another address.
 */
export async function signUp(address: string, origin = address): Promise<string> {
  const headers = { "content-type": "application/json", origin };
  const account = { name: "Ada", email: `${crypto.randomUUID()}@example.com`, password: crypto.randomUUID() };
  const signedUp = await fetch(`${address}/api/auth/sign-up/email`, {
    method: "POST",
    headers,
    body: JSON.stringify(account),
  });
  if (!signedUp.ok) throw new Error(`sign-up was refused with ${signedUp.status}: ${await signedUp.text()}`);
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const created = await fetch(`${address}/api/trpc/apiKey.create`, {
    method: "POST",
    headers: { ...headers, cookie },
    body: JSON.stringify({ name: "made by a script" }),
  });
  if (!created.ok) throw new Error(`apiKey.create was refused: ${await created.text()}`);
  const { result } = (await created.json()) as { result: { data: { key: string } } };
  return result.data.key;
}
