/** Which agents the dashboard shows: those that ran last. */
export const latestAgents = { sort: 'lastRun', limit: 6 } as const
