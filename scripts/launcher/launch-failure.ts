/** Something a person can put right; its message is the one line they are shown. */
export class LaunchFailure extends Error {
  override name = "LaunchFailure";
}
