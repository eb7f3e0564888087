import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** Server PORT [THREADS]: answers "ok" to everything; /sleep?MS after that many milliseconds. */
public class Server {
  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 128);
    server.createContext("/", exchange -> {
      String query = exchange.getRequestURI().getQuery();
      try {
        if (query != null) Thread.sleep(Long.parseLong(query));
      } catch (InterruptedException error) {
        Thread.currentThread().interrupt();
      }
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write("ok".getBytes());
      exchange.close();
    });
    server.setExecutor(Executors.newFixedThreadPool(args.length > 1 ? Integer.parseInt(args[1]) : 50));
    server.start();
  }
}
