package io.facet.pipelines.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TagTest {
  @Test
  void textCannotBecomeAnElement() {
    assertThat(Tag.of("p", "<script>1 && 2</script>").render())
        .isEqualTo("<p>&lt;script&gt;1 &amp;&amp; 2&lt;/script&gt;</p>");
  }

  @Test
  void aValueCannotLeaveItsAttribute() {
    assertThat(Tag.of("div").with("aria-label", "\" onclick=\"x\n").render())
        .isEqualTo("<div aria-label=\"&quot; onclick=&quot;x \"></div>");
  }

  @Test
  void whatIsNoTextIsShownAsUnknown() {
    assertThat(Tag.of("p", "a\u0000b\u001b[2Jc\ud800d\uffffe\u0085").render())
        .isEqualTo("<p>a\ufffdb\ufffd[2Jc\ufffdd\ufffde\ufffd</p>");
  }

  @Test
  void lettersBeyondTheFirstPlaneStay() {
    assertThat(Tag.of("p", "名前 😀").render()).isEqualTo("<p>名前 😀</p>");
  }

  @Test
  void foreignTextIsIsolatedFromTheDirectionAroundIt() {
    assertThat(Tag.foreign("\u202Egpj.exe").render()).isEqualTo("<bdi>\u202Egpj.exe</bdi>");
  }

  @Test
  void emptyElementsHaveAnEndTagUnlessHtmlForbidsIt() {
    assertThat(Tag.of("ul").render()).isEqualTo("<ul></ul>");
    assertThat(Tag.of("meta").with("charset", "utf-8").render())
        .isEqualTo("<meta charset=\"utf-8\"/>");
  }
}
