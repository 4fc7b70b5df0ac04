'use client'

import { createContext, useContext } from 'react'

/** What can be done with a conversation's messages; the same object for as long as the page stands, so that no row is drawn for it. */
export interface ChatActions {
  sessionId: string
  /** What is being made of messages that were sent, by their ids: a row that is scrolled away and comes back goes on with it. */
  edits: Map<string, string>
  regenerate(messageId: string): void
  /** Sends a changed message in the place of one that was sent. */
  edit(message: { parentId: string | null; attachmentIds: string[] }, text: string): Promise<boolean>
  /** Shows the branch that leads through this message. */
  select(messageId: string): Promise<boolean>
  decide(approvalId: string, decision: 'allow' | 'always' | 'deny'): void
  /** Opens what one answer changed in the files. */
  changes(messageId: string): void
}

const Given = createContext<ChatActions | null>(null)
export const ChatActionsProvider = Given.Provider

/** What the rows may do; null where a conversation is only looked at. */
export const useChatActions = (): ChatActions | null => useContext(Given)
