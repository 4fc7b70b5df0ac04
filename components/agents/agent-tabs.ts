/** The parts of an agent's page that an address can name. */
export const agentTabs = ['form', 'versions', 'stats', 'documents'] as const
export type AgentTab = (typeof agentTabs)[number]
