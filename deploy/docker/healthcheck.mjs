// For images without curl: ends with 0 if that address answers with a status below 400.
const answer = await fetch(process.argv[2], { signal: AbortSignal.timeout(4000) }).catch(() => null);
process.exit(answer?.ok === true ? 0 : 1);
