package health.throughline.conversation;

import org.springframework.stereotype.Component;

/** The inbound worker's own wake-up: replies never wait behind sends. */
@Component
class InboundSignal extends WakeUp {}
