/** A row of the table: what was tried, and what came of it. */
export async function told(what, run) {
  try {
    return { what, verdict: 'ok', note: await run() };
  } catch (error) {
    return { what, verdict: 'failed', note: error.message.replaceAll('\n', ' ') };
  }
}
