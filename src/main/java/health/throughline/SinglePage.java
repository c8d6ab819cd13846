package health.throughline;

import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The staff pages are one document: every address of theirs opens it, and its script shows the page that was asked for. */
@Configuration(proxyBeanMethods = false)
class SinglePage implements WebMvcConfigurer {

    private static final String DOCUMENT = "forward:/index.html";

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        for (String page : new String[] {
            "/",
            "/sign-in",
            "/tasks",
            "/tasks/**",
            "/inbox",
            "/inbox/**",
            "/patients",
            "/patients/**",
            "/journeys",
            "/journeys/**",
            "/stop-and-go",
            "/stop-and-go/**",
            "/texts",
            "/texts/**"
        }) {
            registry.addViewController(page).setViewName(DOCUMENT);
        }
    }

    /** The names of these files carry a hash of what is in them; a new build has new names. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations("classpath:/static/assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
    }
}
