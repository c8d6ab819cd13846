package health.throughline.conversation;

import org.springframework.stereotype.Component;

/** Wakes who fetches pictures: a slow one holds no reply up. */
@Component
class AttachmentSignal extends WakeUp {}
