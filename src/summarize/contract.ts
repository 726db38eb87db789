/** One turn of a conversation with a language model. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Whatever can answer a conversation with text. */
export interface TextModel {
  /**
   * The model's answer, empty where it gave none. Rejects where it cannot be had, with a message for people; a signal that
   * aborts ends the wait.
   */
  write(conversation: readonly Message[], signal: AbortSignal): Promise<string>;
}
