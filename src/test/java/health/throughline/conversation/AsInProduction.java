package health.throughline.conversation;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.BeanUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

/** Texts under the setting of production, {@code allow-unreviewed=false}: a second context for one setting would take a minute. */
public final class AsInProduction implements AutoCloseable {

    private static final String SETTINGS = "settings";

    private final Texts texts;
    private final ConversationSettings local;

    public AsInProduction(ApplicationContext context) throws ReflectiveOperationException {
        texts = context.getBean(Texts.class);
        local = context.getBean(ConversationSettings.class);
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : ConversationSettings.class.getRecordComponents()) {
            values.add(
                    component.getName().equals("allowUnreviewed")
                            ? false
                            : component.getAccessor().invoke(local));
        }
        ReflectionTestUtils.setField(
                texts,
                SETTINGS,
                BeanUtils.instantiateClass(ConversationSettings.class.getDeclaredConstructors()[0], values.toArray()));
    }

    @Override
    public void close() {
        ReflectionTestUtils.setField(texts, SETTINGS, local);
    }
}
