package health.throughline.conversation;

import org.springframework.stereotype.Component;

/** Wakes the dispatcher. */
@Component
class DispatchSignal extends WakeUp {}
