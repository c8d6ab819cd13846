package health.throughline;

import java.util.Arrays;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.stereotype.Component;

/** Reads every setting and the key file before the database is touched: nothing is migrated for a start that is refused. */
@Component
class SettingsFirst implements BeanFactoryPostProcessor {

    private static final String DATABASE = "dataSource";
    private static final String KEY_FILE = "fileKeyVault";

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        if (factory.containsBeanDefinition(DATABASE)) {
            String[] first = Arrays.stream(factory.getBeanDefinitionNames())
                    .filter(name -> name.equals(KEY_FILE) || isOurSettings(name, factory.getBeanDefinition(name)))
                    .toArray(String[]::new);
            factory.getBeanDefinition(DATABASE).setDependsOn(first);
        }
    }

    /** Scanned settings are named by their prefix and their class. */
    private static boolean isOurSettings(String name, BeanDefinition definition) {
        String type = definition.getBeanClassName();
        return type != null && type.startsWith("health.throughline.") && name.endsWith("-" + type);
    }
}
