/**
 * The version of everything that other programs rely on: procedures, REST, events. It is in the OpenAPI document, in the
 * header `X-Contract-Version` of every answer below `/api/`, and in the first frame of a socket. An addition raises the
 * second number; what breaks a program that was written before raises the first, and a test holds us to that.
 */
export const CONTRACT_VERSION = "1.2.0";
